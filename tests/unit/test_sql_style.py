"""How the SQL models are written. (Why no formatter: ARCHITECTURE.md, decisions.)"""

from pathlib import Path

import pytest
from sqlglot import tokenize
from sqlglot.tokens import TokenType

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / "dbt_like_sql").glob("*/*.sql"))
LONGEST_LINE = 170  # of the SQL; headers keep a column's description and tests on one line
KEYWORDS = {
    TokenType.SELECT, TokenType.FROM, TokenType.WHERE, TokenType.GROUP_BY, TokenType.ORDER_BY, TokenType.JOIN, TokenType.LEFT, TokenType.CROSS,
    TokenType.ON, TokenType.USING, TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.CASE, TokenType.WHEN, TokenType.THEN, TokenType.ELSE,
    TokenType.END, TokenType.UNION, TokenType.WITH, TokenType.HAVING, TokenType.QUALIFY, TokenType.BETWEEN, TokenType.IN, TokenType.IS,
    TokenType.NULL, TokenType.ALIAS, TokenType.DISTINCT, TokenType.OVER, TokenType.PARTITION_BY,
}  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_a_model_is_written_in_the_house_style(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    head, body = text[: text.index("*/") + 2], text[text.index("*/") + 2 :]
    before = head.count("\n")
    numbered = list(enumerate(body.split("\n"), before + 1))
    problems = [f"{n}: longer than {LONGEST_LINE}" for n, line in numbered if len(line) > LONGEST_LINE]
    problems += [f"{n}: blank at the end" for n, line in numbered if line != line.rstrip()]
    problems += [f"{n}: tab" for n, line in numbered if "\t" in line]
    if not text.endswith("\n") or text.endswith("\n\n") or text.rstrip().endswith(";"):
        problems.append("does not end with one line break, or ends with a semicolon")
    tokens = tokenize(body, read="duckdb")
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        is_call = (
            following is not None and following.token_type == TokenType.L_PAREN and token.token_type == TokenType.LEFT
        )
        if token.token_type in KEYWORDS and token.text != token.text.upper() and not is_call:
            problems.append(f"{before + token.line}: keyword {token.text} in small letters")
    assert not problems, f"{file}: " + "; ".join(problems)
