"""File names that no site may have; each is played as tar and as zip."""

NAMES = {
    "dotdot": "../escape.html",
    "dotdot_inside": "a/../../../escape.html",
    "dotdot_only": "..",
    "empty_component": "a//b.html",
    "backslash": "..\\..\\escape.html",
    "drive": "C:/escape.html",
    "newline": "a\nb.html",
    "escape_code": "a\x1b[31m.html",
    "right_to_left": "a\u202elmth.exe.html",
    "zero_width": "a\u200bb.html",
    "decomposed": "u\u0308ber.html",
    "too_long": "x" * 250 + ".html",
    "too_deep": "d/" * 40 + "x.html",
    "php": "shell.php",
    "php_in_capitals": "a/SHELL.PhP",
    "server_side_includes": "x.shtml",
    "case_twin": "INDEX.HTML",
    "folder_like_a_file": "index.html/x",
}
