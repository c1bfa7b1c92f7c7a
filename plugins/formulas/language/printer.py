"""Tree to text, in one way of writing: printing and parsing again gives the same tree."""

from plugins.formulas.language.tokens import quote_field, quote_text
from plugins.formulas.language.tree import RANKS, UNARY_RANK, Call, Minus, Missing, Name, Node, Number, Text
from plugins.formulas.values import number_text


def print_tree(node: Node) -> str:
    """The formula of a tree."""
    return _printed(node, 0)


def _printed(node: Node, rank: int) -> str:
    if isinstance(node, Number):
        return number_text(node.value)
    if isinstance(node, Text):
        return quote_text(node.value)
    if isinstance(node, Name):
        return quote_field(node.name) if node.braced else node.name
    if isinstance(node, Call):
        return f"{node.name}({', '.join(_printed(argument, 0) for argument in node.arguments)})"
    if isinstance(node, Minus):
        return f"-{_printed(node.operand, UNARY_RANK)}"
    if isinstance(node, Missing):
        return ""
    own = RANKS[node.operators[0]]
    pieces = [_printed(node.operands[0], own + 1)]
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        pieces.append(f" {operator} {_printed(operand, own + 1)}")
    text = "".join(pieces)
    return f"({text})" if own < rank else text
