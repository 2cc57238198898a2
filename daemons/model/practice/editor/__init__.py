"""The program that the practice model sends into the sandbox: it looks at the site and works out the change.

It runs there under the system's Python with the standard library alone. `practice/program_text.py` makes one text of
its modules, so names at the top of a module are unique among all of them.
"""
