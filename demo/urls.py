from django.urls import path

from demo import views

urlpatterns = [
    path("begin/", views.begin, name="begin"),
    path("components/", views.components, name="components"),
    path("boards/<int:pk>/joinings/", views.joinings, name="joinings"),
    path("boards/<int:pk>/joinings/ask/", views.joining_ask, name="joining_ask"),
    path("joinings/<int:pk>/withdraw/", views.joining_withdraw, name="joining_withdraw"),
    path("join/<str:code>/", views.join, name="join"),
]
