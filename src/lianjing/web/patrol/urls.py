"""Where the guard's page answers."""

from django.urls import URLPattern, URLResolver, include, path

from lianjing.web.patrol import duty, files, steps, tasks

patrol_urls: list[URLPattern | URLResolver] = [
    path("", tasks.home, name="home"),
    path("rows/", tasks.rows, name="rows"),
    path("duty/start/", duty.start, name="duty_start"),
    path("duty/standing/", duty.standing, name="duty_standing"),
    path("duty/end/", duty.end, name="duty_end"),
    path("past/", tasks.past, name="past"),
    path("tasks/<int:task_id>/", tasks.task_page, name="task"),
    path("tasks/<int:task_id>/live/", tasks.live, name="live"),
    path("tasks/<int:task_id>/accept/", steps.accept, name="accept"),
    path("tasks/<int:task_id>/depart/", steps.depart, name="depart"),
    path("tasks/<int:task_id>/arrive/", steps.arrive, name="arrive"),
    path("tasks/<int:task_id>/report/", steps.report, name="report"),
    path("tasks/<int:task_id>/leave/", steps.leave, name="leave"),
    path("tasks/<int:task_id>/refuse/", steps.refuse, name="refuse"),
    path("tasks/<int:task_id>/photos/", steps.photos, name="photos"),
    path("tasks/<int:task_id>/drawings/<int:drawing_id>/", files.drawing, name="drawing"),
    path("tasks/<int:task_id>/media/<int:media_id>/", files.media, name="media"),
    path("tasks/<int:task_id>/media/<int:media_id>/small/", files.small, name="media_small"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((patrol_urls, "patrol")))]
