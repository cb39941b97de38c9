"""What a class is asked, what its answers are called, and the slips behind wrong numbers."""

from app.messages.marking import N_, Texts

# By the form of a question; {name} is a part of the network, {what} one of WHAT.
QUESTIONS_ASKED: Texts = {
    "direction": N_("Which way will {name} go in this step?"),
    "largest": N_("Which of these weights will change most in this step?"),
    "sign": N_("Which sign will δ of {name} have?"),
    "value": N_("Which number will {what} be?"),
}
# What a number is asked of, by the kind of the quantity.
WHAT: Texts = {
    "pre": N_("{pre} of {name}"),
    "act": N_("{act} of {name}"),
    "delta": N_("δ of {name}"),
    "error": N_("the error of {name}, output − target,"),
    "share": N_("{name}’s part of the error"),
    "loss": N_("the error {loss}"),
    "loss_after": N_("the error {loss} after the update"),
    "weight": N_("the gradient of {name}"),
    "bias": N_("the gradient of {name}"),
    "new": N_("the new value of {name}"),
}
CHOICES: Texts = {
    "up": N_("up"),
    "down": N_("down"),
    "stays": N_("stays as it is"),
    "positive": N_("positive"),
    "negative": N_("negative"),
    "zero": N_("zero"),
}
ASKED_AT = N_("Asked at step {step}, before the phase “{phase}”.")
ASKED_AT_SAMPLE = N_("Asked at step {step}, sample {sample}, before the phase “{phase}”.")
MOVED_ON = N_("The network has moved on since.")
WITHIN = N_("A number within {percent} % of the right one counts as right.")
STAGES: Texts = {
    "NONE": "",
    "OPEN": N_("The question is open."),
    "CLOSED": N_("The question is closed."),
    "REVEALED": N_("This is the answer."),
}
RIGHT, WRONG = N_("right"), N_("wrong")
REVEALED_NUMBER = N_("The right number is {value}.")
REVEALED_CHOICE = N_("The right answer is “{choice}”.")
NO_RIGHT_ANSWER = N_("There is no right answer to this question.")
SO_MANY = N_("{count:answer|answers}: {parts}.")
NO_ANSWERS = N_("Nobody has answered.")
PART = N_("{choice} {count}")
LEFT_OUT = N_(
    "{count:answer|answers} came from devices that do not follow this class. There are too many to "
    "be believed, so none of them counts."
)
OWN_ANSWER = N_("Your answer: {choice}.")
NOT_ANSWERED: Texts = {
    "NONE": "",
    "OPEN": N_("You have not answered yet."),
    "CLOSED": N_("You gave no answer."),
    "REVEALED": N_("You gave no answer."),
}
OTHER_NUMBERS = N_("other numbers")

# What somebody has done who gets a wrong number.
SLIPS: Texts = {
    "sign": N_("no minus sign, or target − output"),
    "minus": N_("a minus sign too many, or target − output"),
    "swapped": N_("target − output"),
    "added": N_("added, not subtracted"),
    "no_slope": N_("slope of the activation left out"),
    "slope_of_pre": N_("slope formula filled with the sum before the activation"),
    "slope_of_act": N_("slope taken at the activation, not at the sum"),
    "slope_twice": N_("slope of the activation one time too many"),
    "factor": N_("a factor 2 or ½ forgotten"),
    "updated_weight": N_("updated weight used"),
    "one_path": N_("only one path of several"),
    "no_input": N_("times the input left out"),
    "pre_for_act": N_("times the sum, not the activation"),
    "no_rate": N_("learning rate left out"),
    "change": N_("the change alone, not the new value"),
    "no_bias": N_("bias left out"),
    "one_input": N_("only one input of several"),
    "no_activation": N_("activation function left out"),
}
OR = N_("{one}, or {other}")

ASKING_PROBLEMS: Texts = {
    "answers_full": N_("{limit:device|devices} have answered, and no more are counted."),
    "forged_mark": N_("This page belongs to another class, or was changed. Load it again."),
    "question_over": N_("That question is closed, so your answer was not counted."),
    "question_gone": N_("That question is not asked any more. Nothing has changed."),
    "gone_on": N_("The network is past that question’s moment already. Nothing has changed."),
    "not_askable": N_(
        "{field}: this cannot be asked at this moment, since it has no single answer. Try another."
    ),
    "computed_already": N_(
        "{field}: this is already computed in this step. Ask for something that comes next."
    ),
    "no_network_there": N_(
        "{field} names no network. Paste the address of a network’s page here, or a link that "
        "Share gave you."
    ),
    "follows_only": N_(
        "{field} is one that a class follows, and does not tell which network is behind it. Paste "
        "the address of the network’s own page here, or a link that Share gave you."
    ),
    "followed_already": N_(
        "{field}: another class follows that network. End that class first, or choose another "
        "network."
    ),
    "no_such_choice": N_("{field} is none of the answers that are filled in."),
    "choices_twice": N_("{field}: two of them are the same."),
}
ASKING_LABELS: Texts = {
    "/about": N_("The number to ask for"),
    "/address": N_("The address"),
    "/question": N_("The question"),
    "/text": N_("The question"),
    "/choices": N_("The answers"),
    "/right": N_("The right answer"),
    "/tolerance": N_("The tolerance"),
    "/answer": N_("Your answer"),
}
