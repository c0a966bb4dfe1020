"""Who is registered: the people that a letter is about, and what it says of each.

Each class reads what those below it have found: what the sentences do (`sentences`), who of those named comes (`named`),
how many come without a name (`counted`), whose each day, unit and employer is (`facts`), whether the sender comes
(`herself`). `assembler` makes people of it: of tables and forms by `listed`, of prose by itself; `days` and `diets` say
who has which.
"""

from __future__ import annotations

from .assembler import Assembler

__all__ = ["Assembler"]
