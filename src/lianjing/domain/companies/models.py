from django.db import models


class Company(models.Model):
    """从业单位: an operating company. Several live in one installation, strictly apart."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    is_demo = models.BooleanField(default=False)
    """Demo data says that it is demo data, on every screen and in every export."""

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name
