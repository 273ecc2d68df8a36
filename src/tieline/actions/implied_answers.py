"""What the answers of one session imply, so that nobody is asked what follows."""

from __future__ import annotations

from collections.abc import Iterable


class ImpliedAnswers:
    """Equality is an equivalence: the same as the same is the same, and as the other another."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}
        self._apart: list[tuple[str, str]] = []

    def learn(self, left_id: str, right_id: str, same: bool | None) -> None:
        """Take in one answer about two entities; "cannot tell" implies nothing."""
        if left_id == right_id or same is None:
            return
        if same:
            self._above[self._root(left_id)] = self._root(right_id)
        else:
            self._apart.append((left_id, right_id))

    def imply(self, left_id: str, right_id: str) -> bool:
        """Whether earlier answers say already if the two are the same."""
        if left_id == right_id:
            return False
        left, right = self._root(left_id), self._root(right_id)
        return left == right or any(
            {self._root(a), self._root(b)} == {left, right} for a, b in self._apart
        )

    @classmethod
    def of(cls, answers: Iterable[tuple[str, str, bool | None]]) -> ImpliedAnswers:
        """What these answers (left id, right id, same) imply."""
        made = cls()
        for answer in answers:
            made.learn(*answer)
        return made

    def _root(self, entity_id: str) -> str:
        while entity_id in self._above:
            entity_id = self._above[entity_id]
        return entity_id
