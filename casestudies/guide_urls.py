from django.urls import path

from casestudies.views import guide

app_name = "guide"
urlpatterns = [
    path("", guide.pages, name="list"),
    path("<slug:slug>/", guide.page, name="page"),
]
