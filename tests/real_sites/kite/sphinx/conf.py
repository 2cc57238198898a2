"""Sphinx's settings of the example."""

project = "Kite"
html_baseurl = "https://kite.example/kite/"
