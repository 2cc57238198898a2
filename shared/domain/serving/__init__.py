"""The rules of serving: what nginx answers for an address, decided without any I/O.

nginx (whose files are made from them or compared with them), the server for the checks, and the check of links share
them.
"""
