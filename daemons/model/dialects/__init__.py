"""How endpoints differ: a request is written as the endpoint takes it, its answer is read as Codex understands it.

Everything here is pure. `responses` is the dialect of OpenAI, `functions` that of servers with function tools alone.
"""
