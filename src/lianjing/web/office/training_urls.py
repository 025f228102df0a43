"""Where training answers the manager."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import training, training_groups, training_progress, training_questions

training_urls: list[URLPattern | URLResolver] = [
    path("training/", training.course_list, name="training"),
    path("training/courses/new/", training.add, name="course_add"),
    path("training/courses/<int:course_id>/", training.course, name="course"),
    path("training/courses/<int:course_id>/edit/", training.edit, name="course_edit"),
    path("training/courses/<int:course_id>/open/", training.open_it, name="course_open"),
    path("training/courses/<int:course_id>/close/", training.close_it, name="course_close"),
    path("training/courses/<int:course_id>/assign/", training_progress.assign, name="course_assign"),
    path("training/courses/<int:course_id>/questions/new/", training_questions.add, name="question_add"),
    path("training/questions/<int:question_id>/", training_questions.edit, name="question_edit"),
    path("training/questions/<int:question_id>/up/", training_questions.up, name="question_up"),
    path("training/questions/<int:question_id>/down/", training_questions.down, name="question_down"),
    path("training/questions/<int:question_id>/remove/", training_questions.remove, name="question_remove"),
    path("training/progress/", training_progress.progress, name="training_progress"),
    path("training/progress/csv/", training_progress.progress_csv, name="training_csv"),
    path("training/assignments/<int:assignment_id>/", training_progress.assignment, name="training_assignment"),
    path("training/assignments/<int:assignment_id>/withdraw/", training_progress.withdraw, name="training_withdraw"),
    path("training/people/<int:member_id>/", training_progress.person, name="training_person"),
    path("training/papers/<int:attempt_id>/", training_progress.attempt, name="training_paper"),
    path("training/groups/", training_groups.group_list, name="training_groups"),
    path("training/groups/new/", training_groups.add, name="training_group_add"),
    path("training/groups/<int:group_id>/", training_groups.edit, name="training_group"),
    path("training/groups/<int:group_id>/remove/", training_groups.remove, name="training_group_remove"),
]
