"""How fast somebody may talk: a bucket of tokens that fills up again. Plain Python."""

from dataclasses import dataclass


@dataclass
class Bucket:
    """Holds at most `size` tokens, `per_second` of them come back; seconds are those of a steady clock."""

    size: float
    per_second: float
    filled_at: float
    tokens: float

    @classmethod
    def full(cls, size: float, per_second: float, now: float) -> "Bucket":
        return cls(size, per_second, now, size)

    def take(self, cost: float, now: float) -> bool:
        """Take `cost` tokens and return True, or leave them and return False if there are not so many."""
        self.tokens = min(self.size, self.tokens + max(0.0, now - self.filled_at) * self.per_second)
        self.filled_at = now
        if cost > self.tokens:
            return False
        self.tokens -= cost
        return True
