"""Assistants: programs that speak the Model Context Protocol, with a token and its rights.

The protocol is at https://modelcontextprotocol.io/specification.
"""
