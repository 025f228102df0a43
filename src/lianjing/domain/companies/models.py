from django.db import models

from lianjing.terms.premises import CustomerUnit


class Company(models.Model):
    """从业单位: an operating company. Several live in one installation, strictly apart."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    is_demo = models.BooleanField(default=False)
    """Demo data says that it is demo data, on every screen and in every export."""
    counted_unit = models.CharField(max_length=8, choices=CustomerUnit.choices(), default=CustomerUnit.CONTRACT.value)
    """What counts as one 户."""

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name
