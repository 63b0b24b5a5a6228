"""The identity of the public site: what monitors look for in header and footer (sheet 05 §3)."""

from __future__ import annotations

from uuid import uuid4

from django.core.cache import cache
from django.db import models

from gongkai.organs import validators
from gongkai.organs.models.organ import Organ

CACHE_KEY = "organs.site_profile"


class SiteProfile(models.Model):
    """One row: name, sponsor, filings and contact of the site."""

    site_name = models.CharField("网站名称", max_length=80, default="政府信息公开")
    organ = models.ForeignKey(
        Organ, verbose_name="主办机构", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sponsor = models.CharField("主办单位", max_length=120, blank=True)
    operator = models.CharField("承办单位", max_length=120, blank=True)
    site_code = models.CharField(
        "政府网站标识码", max_length=10, blank=True, validators=[validators.validate_site_code]
    )
    icp = models.CharField("ICP 备案号", max_length=60, blank=True)
    police = models.CharField("公安机关备案号", max_length=60, blank=True)
    domain = models.CharField("网站域名", max_length=120, blank=True)
    phone = models.CharField("联系电话", max_length=100, blank=True, validators=[validators.validate_phone])
    email = models.CharField("电子邮箱", max_length=120, blank=True, validators=[validators.validate_email])
    address = models.CharField("联系地址", max_length=200, blank=True)
    postcode = models.CharField(
        "邮政编码", max_length=6, blank=True, validators=[validators.validate_postcode]
    )
    error_report_url = models.URLField("“我为政府网站找错”地址", blank=True)
    badge_url = models.URLField("党政机关网站标识地址", blank=True)
    superior_url = models.URLField("上级政府网站", blank=True)
    notice = models.CharField("页面顶部提示", max_length=200, blank=True)

    class Meta:
        verbose_name = "站点信息"
        verbose_name_plural = "站点信息"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="site_profile_single_row")]

    def __str__(self) -> str:
        return self.site_name

    @classmethod
    def current(cls) -> SiteProfile:
        """The profile (an unsaved one with defaults before it is first saved). Cached for a minute."""
        return cls.marked()[1]

    @classmethod
    def marked(cls) -> tuple[str, SiteProfile]:
        """The profile and the mark under which it is cached: another mark, perhaps another profile."""
        mark = cls.mark()
        found: SiteProfile | None = cache.get(f"{CACHE_KEY}.{mark}") if mark else None
        if found is None:
            found, mark = cls.objects.select_related("organ").filter(pk=1).first() or cls(pk=1), uuid4().hex
            cache.set(f"{CACHE_KEY}.{mark}", found, 60)
            cache.set(CACHE_KEY, mark, 60)
        return mark, found

    @classmethod
    def mark(cls) -> str:
        """The mark alone, which costs less to ask for; "" where nothing is cached."""
        return cache.get(CACHE_KEY, "")

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        cache.delete(CACHE_KEY)


class DemoLoad(models.Model):
    """Which app's demonstration data is in this database, so that a second start adds nothing twice."""

    app = models.CharField("应用", max_length=40, unique=True)
    loaded_at = models.DateTimeField("装入时间", auto_now_add=True)

    class Meta:
        verbose_name = "演示数据"
        verbose_name_plural = "演示数据"

    def __str__(self) -> str:
        return self.app
