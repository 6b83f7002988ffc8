from django.urls import path

from casestudies.views import brief
from casestudies.views import library as views

app_name = "casestudies"
urlpatterns = [
    path("", views.library, name="list"),
    path("surprise/", views.surprise, name="surprise"),
    path("frameworks/", views.frameworks, name="frameworks"),
    path("frameworks/<slug:slug>/", views.framework, name="framework"),
    path("<slug:slug>/", views.case, name="case"),
    path("<slug:slug>/brief/", brief.brief, name="brief"),
]
