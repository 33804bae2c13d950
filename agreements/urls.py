from django.urls import path

from agreements import views

urlpatterns = [
    path("partnerships/<int:pk>/agreement/draft/", views.agreement_draft, name="agreement_draft"),
    path("agreements/<int:pk>/", views.agreement, name="agreement"),
    path("agreements/<int:pk>/pdf/", views.agreement_pdf, name="agreement_pdf"),
    path("agreements/<int:pk>/yes/", views.agreement_yes, name="agreement_yes"),
    path("agreements/<int:pk>/withdraw/", views.agreement_withdraw, name="agreement_withdraw"),
    path("clauses/<int:pk>/edit/", views.clause_edit, name="clause_edit"),
]
