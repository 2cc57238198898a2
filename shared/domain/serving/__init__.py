"""The rules of serving: what nginx answers for an address, decided without any I/O.

They are one for nginx (its files are made from them or compared with them), for the server that the checks look at, and
for whoever judges a link.
"""
