"""The scanner that finds the line of each key."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.toml_lines import key_lines


def test_keys_tables_and_items():
    text = """\
a = 1
b.c = "x"  # [comment]

list = [
  1.5, 2,
  [3, [4]],  # ]
  { k = 1, "l.m" = [
    5 ] },
]
[t]
'quoted key' = 'literal # [ '
[t.u]
v = { w.x = 1.5, y = "}" }
[[many]]
n = 1
[many.sub]
o = 2
[[many]]
n = 3
[[many.deep]]
p = 4
"""
    tomllib.loads(text.replace("[\n    5 ]", "[5]"))
    lines = key_lines(text)
    assert lines == {
        ("a",): 1,
        ("b",): 2,
        ("b", "c"): 2,
        ("list",): 4,
        ("list", 0): 5,
        ("list", 1): 5,
        ("list", 2): 6,
        ("list", 2, 0): 6,
        ("list", 2, 1): 6,
        ("list", 2, 1, 0): 6,
        ("list", 3): 7,
        ("list", 3, "k"): 7,
        ("list", 3, "l.m"): 7,
        ("list", 3, "l.m", 0): 8,
        ("t",): 10,
        ("t", "quoted key"): 11,
        ("t", "u"): 12,
        ("t", "u", "v"): 13,
        ("t", "u", "v", "w"): 13,
        ("t", "u", "v", "w", "x"): 13,
        ("t", "u", "v", "y"): 13,
        ("many",): 14,
        ("many", 0): 14,
        ("many", 0, "n"): 15,
        ("many", 0, "sub"): 16,
        ("many", 0, "sub", "o"): 17,
        ("many", 1): 18,
        ("many", 1, "n"): 19,
        ("many", 1, "deep"): 20,
        ("many", 1, "deep", 0): 20,
        ("many", 1, "deep", 0, "p"): 21,
    }


def test_text_over_several_lines_hides_what_looks_like_keys():
    text = (
        'a = """\n[x]\nb = 1 \\""" c = 2\n""""\n'  # ends in a quote of its own and three more
        "d = '''\n[[y]] ''\ne = 1'''\n"
        "f = 1\n"
    )
    assert list(tomllib.loads(text)) == ["a", "d", "f"]
    assert key_lines(text) == {("a",): 1, ("d",): 5, ("f",): 8}


def test_keys_are_brought_into_nfc():
    assert key_lines('"e\u0301" = 1') == {("\u00e9",): 1}


VALUES = st.recursive(
    st.one_of(
        st.integers(-99, 99).map(str),
        st.sampled_from(["1.5", "true", "1979-05-27", '"}"', "'[#'", '"""\n= [\n"""', "'''\n'''"]),
    ),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: "[\n" + ",\n".join(items) + "\n]"),
    max_leaves=6,
)


@given(st.lists(VALUES, min_size=1, max_size=6))
@settings(derandomize=True, deadline=None)
def test_every_key_is_found_on_its_line(values):
    # Each key is marked by its line, so that the text says itself where it stands.
    text = ""
    for value in values:
        text += f"k{text.count(chr(10)) + 1} = {value}\n"
    keys = tomllib.loads(text)
    lines = key_lines(text)
    assert {key for key in lines if len(key) == 1} == {(key,) for key in keys}
    assert all(lines[key,] == int(key[1:]) for key in keys)
    assert all(
        ((key, index) in lines)
        for key, value in keys.items()
        if isinstance(value, list)
        for index in range(len(value))
    )
