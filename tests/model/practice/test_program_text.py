"""The editor's modules form one program that fits into a command."""

import ast

from daemons.model.practice.program_text import program_text


def test_the_modules_make_one_program() -> None:
    """No two of them use the same name at their top."""
    names: list[str] = []
    for node in ast.parse(program_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names.append(ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target))
    assert sorted(names) == sorted(set(names))
    assert len(program_text()) < 60_000, "a command has room for 128 KiB"
