"""What was answered to a request with an Idempotency-Key, kept for a day."""

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """A request somebody named, and its answer once there is one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    """The Idempotency-Key, as sent."""
    request = models.CharField(max_length=64)
    """SHA-256 of method, address and body, hex."""
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    """Of the answer; empty while the request is being answered."""
    content = models.BinaryField(default=b"")
    """The answer's body, JSON, sealed."""
    begun_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.key[:20]}: {self.status or 'being answered'}"
