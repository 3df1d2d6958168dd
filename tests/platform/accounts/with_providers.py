"""The site's addresses as they are where other sites to sign in with are configured."""

from django.urls import include, path

from coliseum import urls

urlpatterns = [*urls.urlpatterns, path("", include("coliseum.pages.provider_urls"))]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500
