"""Networks computed by PyTorch, from the Spec data alone: python -m tests.oracle.record

Nothing of app.engine is used here: the functions below are a second, independent reading of the
API's documentation; losses, gradients and optimizers are PyTorch's wherever it has them. Needs
``pip install torch`` (CPU).
"""

import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

PATH = Path(__file__).with_name("recorded.json")
STEPS = 50
COUNT = 170
UNCORRECTED = range(96, 100)  # with Adam and its root as in Keras
LATER = range(100, 108)  # with the losses that came later
LATER_HIDDEN = range(108, 122)  # with the activations that came later
LATER_OPTIMIZERS = range(122, 134)  # with the optimizers that came later
LATER_RULES = range(134, 166)  # with losses, schedules, clipping and options that came later
GROWING = range(166, 170)  # with NAdam as PyTorch has it

Tensor = torch.Tensor
HIDDEN = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu"]
ACTIVATIONS: dict[str, Any] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "softplus": functional.softplus,
    "gelu": functional.gelu,
    "softmax": lambda z: functional.softmax(z, dim=-1),
    "bipolar_sigmoid": lambda z: 2 / (1 + torch.exp(-z)) - 1,
    "scaled_tanh": lambda z: 1.7159 * torch.tanh(2 / 3 * z),
    "elu": functional.elu,
    "selu": functional.selu,
    "silu": functional.silu,
    "mish": functional.mish,
    # The backward pass of functional.hardsigmoid takes 1/6 in float32.
    "hard_sigmoid": lambda z: torch.clamp(z / 6 + 1 / 2, 0, 1),
    "step": lambda z: torch.where(z < 0, 0.0, 1.0),
}
LOSSES: dict[str, Any] = {
    "half_squared_error": lambda a, y: functional.mse_loss(a, y, reduction="sum") / 2,
    "squared_error": lambda a, y: functional.mse_loss(a, y, reduction="sum"),
    "mean_squared_error": functional.mse_loss,
    "mean_absolute_error": functional.l1_loss,
    "binary_cross_entropy": lambda a, y: functional.binary_cross_entropy(a, y, reduction="sum"),
    "mean_binary_cross_entropy": functional.binary_cross_entropy,
    "softmax_cross_entropy": lambda a, y: -torch.special.xlogy(y, a).sum(),
    "half_mean_squared_error": lambda a, y: functional.mse_loss(a, y) / 2,
    "absolute_error": lambda a, y: functional.l1_loss(a, y, reduction="sum"),
    "huber": lambda a, y: functional.huber_loss(a, y, reduction="sum", delta=0.25),
    "mean_huber": lambda a, y: functional.huber_loss(a, y, delta=0.25),
    "hinge": lambda a, y: functional.relu(1 - y * a).sum(),
    "squared_hinge": lambda a, y: (functional.relu(1 - y * a) ** 2).sum(),
    "logistic": lambda a, y: functional.soft_margin_loss(a, y, reduction="sum"),
    "perceptron": lambda a, y: torch.zeros(()),  # of pre-activations, see Network.loss
}
NEEDED = {
    "binary_cross_entropy": "sigmoid",
    "mean_binary_cross_entropy": "sigmoid",
    "softmax_cross_entropy": "softmax",
    "perceptron": "step",
}
SIGNS = ("hinge", "squared_hinge", "logistic")
OPTIMIZERS = ["sgd", "momentum", "nesterov", "rmsprop", "adam"]
BIASES, REDUCTIONS = ["none", "per_neuron", "shared"], ["sum", "mean"]


def spec_data(index: int) -> dict[str, Any]:
    """One of the fixed random networks, all of it drawn from its index."""
    rng = random.Random(9_000 + index)
    layers = [rng.randint(1, 5) for _ in range(rng.randint(2, 5))]
    losses = list(LOSSES)
    loss = losses[7 + index % 2] if index in LATER else losses[index % 7]
    activations = [rng.choice(HIDDEN) for _ in layers[1:]]
    activations[0] = HIDDEN[index % len(HIDDEN)] if len(layers) > 2 else activations[0]
    activations[-1] = NEEDED.get(loss) or rng.choice([*HIDDEN, "softmax"])
    if index in LATER_HIDDEN:
        came = list(ACTIVATIONS)[8:15]
        loss = losses[index % 4]
        activations = [came[(index + layer) % len(came)] for layer in range(len(layers) - 1)]
    if index in LATER_RULES:
        loss = [*losses[9:], "softmax_cross_entropy", "binary_cross_entropy"][index % 8]
        activations[-1] = NEEDED.get(loss) or rng.choice(["identity", "tanh"])
        activations[:-1] = [rng.choice(["tanh", "sigmoid", "softplus"]) for _ in layers[2:]]
    if activations[-1] == "softmax":
        layers[-1] = max(layers[-1], 2)
    count = rng.randint(1, 5)
    bias_update = BIASES[index % 3]
    if activations[-1] == "softmax" and bias_update == "shared":
        # Its gradient is exactly zero, so only the two ways' rounding could be compared.
        bias_update = "per_neuron"

    def draw(length: int) -> list[float]:
        return [round(rng.uniform(-1, 1), 3) for _ in range(length)]

    def targets() -> list[float]:
        if loss == "softmax_cross_entropy":
            hot = rng.randrange(layers[-1])
            return [float(unit == hot) for unit in range(layers[-1])]
        if loss in SIGNS:
            return [rng.choice([-1.0, 1.0]) for _ in range(layers[-1])]
        return [round(rng.uniform(0.05, 0.95), 3) for _ in range(layers[-1])]

    # Where a step divides by gradients of next to nothing, only their rounding is compared.
    kinds = OPTIMIZERS[:3] if index in LATER_HIDDEN else OPTIMIZERS
    optimizer = optimizer_data(rng, kinds[index % len(kinds)])
    if index in LATER_OPTIMIZERS:
        later = ["adagrad", "amsgrad", "adamax", "nadam"]
        optimizer = optimizer_data(rng, later[index % len(later)])
    if index in UNCORRECTED:
        optimizer = optimizer_data(rng, "adam") | {"epsilon": 1e-4, "epsilon_form": "uncorrected"}
    if index in GROWING:
        optimizer = optimizer_data(rng, "nadam") | {"epsilon": 1e-4, "momentum_decay": 0.004}
        optimizer["learning_rate"] = 0.002  # else E of one is but rounding
    further: dict[str, Any] = {}
    if index in LATER_RULES:
        optimizer = further_optimizer(rng, index)
        further = {"huber_delta": 0.25} if "huber" in loss else {}
        if loss in ("softmax_cross_entropy", "binary_cross_entropy"):
            further["label_smoothing"] = 0.1
        if index % 3 == 0:
            further["frozen"] = ["w1"]
    return {
        "layers": layers,
        "activations": activations,
        "loss": loss,
        **further,
        "optimizer": optimizer,
        "bias_update": bias_update,
        "batch": {
            "size": batch_size(rng, count),
            "reduction": REDUCTIONS[index // 2 % 2],
        },
        "samples": [{"inputs": draw(layers[0]), "targets": targets()} for _ in range(count)],
        "weights": [[draw(n_in) for _ in range(n_out)] for n_in, n_out in pairwise(layers)],
        "biases": [
            draw(1) * units if bias_update == "shared" else draw(units) for units in layers[1:]
        ],
    }


def optimizer_data(rng: random.Random, name: str) -> dict[str, Any]:
    """An optimizer with all its choices."""
    forms = {"momentum": ["classical", "accumulated", "averaged"]}
    own: dict[str, dict[str, Any]] = {
        "momentum": {"momentum": 0.9, "momentum_form": rng.choice(forms["momentum"])},
        "nesterov": {"momentum": 0.8, "momentum_form": rng.choice(forms["momentum"][:2])},
        "rmsprop": {"decay": 0.9, "epsilon_form": rng.choice(["outside", "inside"])},
        "adam": {"beta1": 0.9, "beta2": 0.99, "epsilon_form": rng.choice(["outside", "inside"])},
        "adagrad": {"epsilon_form": "outside"},
        "amsgrad": {"beta1": 0.9, "beta2": 0.9, "epsilon_form": "outside"},
        "adamax": {"beta1": 0.9, "beta2": 0.99, "epsilon": 1e-4},
        "nadam": {"beta1": 0.9, "beta2": 0.99, "epsilon_form": "outside"},
    }
    data = {"name": name, "learning_rate": rng.choice([0.01, 0.02, 0.05]), **own.get(name, {})}
    if "epsilon_form" in data:
        data["epsilon"] = rng.choice([1e-8, 1e-4])
    if rng.random() < 0.4:
        data["weight_decay"] = 0.1
        data["weight_decay_form"] = rng.choice(["gradient", "decoupled"])
        data["decay_biases"] = rng.random() < 0.5
    return data


def further_optimizer(rng: random.Random, index: int) -> dict[str, Any]:
    """An optimizer with a schedule, clipping, or weight decay within the loss."""
    plans = [
        {"schedule": "step", "schedule_factor": 0.5, "schedule_steps": 7},
        {"schedule": "exponential", "schedule_factor": 0.97},
        {"schedule": "cosine", "schedule_steps": 60, "schedule_floor": 0.001},
        {},
    ]
    cuts = ["value", "norm", "torch_norm"]
    kinds: list[dict[str, Any]] = [
        {"name": "sgd"},
        {"name": "momentum", "momentum": 0.8, "momentum_form": "accumulated", "dampening": 0.3},
        {"name": "rmsprop", "decay": 0.9, "epsilon": 1e-2, "centred": True},
        {"name": "rmsprop_momentum", "momentum": 0.5, "decay": 0.9, "epsilon": 1e-2},
        {"name": "rmsprop_momentum", "momentum": 0.5, "decay": 0.9, "epsilon": 1e-2,
         "centred": True},
    ]  # fmt: skip
    data = {**kinds[index % 5], "learning_rate": rng.choice([0.01, 0.02, 0.05])}
    data |= plans[index // 5 % 4]
    if index % 2:
        data |= {"clipping": cuts[index // 2 % 3], "clip_limit": 0.1}
    if index // 4 % 2:
        data |= {"weight_decay": 0.1, "weight_decay_form": "loss"}
        data["decay_biases"] = index % 3 != 0  # fixed biases have no part in it
    return data


def batch_size(rng: random.Random, count: int) -> int | str:
    """1 to 3 samples a step, as far as there are so many, or all."""
    size = rng.choice([1, 2, 3, "full"])
    return min(size, count) if isinstance(size, int) else size


def batch_at(data: dict[str, Any], step: int) -> list[dict[str, Any]]:
    """The samples of a step: in order, the last batch of a round perhaps smaller."""
    samples, size = data["samples"], data["batch"]["size"]
    if size == "full":
        size = len(samples)
    batches = [samples[at : at + size] for at in range(0, len(samples), size)]
    return batches[step % len(batches)]  # type: ignore[no-any-return]


class Network:
    """A network whose weights and biases PyTorch differentiates; a shared bias is one number."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        shared, learn = data["bias_update"] == "shared", data["bias_update"] != "none"
        self.weights = [torch.tensor(rows, requires_grad=True) for rows in data["weights"]]
        self.biases = [
            torch.tensor(row[0] if shared else row, requires_grad=learn) for row in data["biases"]
        ]

    def loss(self, batch: list[dict[str, Any]]) -> Tensor:
        """The loss of a batch."""
        losses = []
        for sample in batch:
            a = torch.tensor(sample["inputs"])
            for name, w, b in zip(self.data["activations"], self.weights, self.biases, strict=True):
                z = w @ a + b
                a = ACTIVATIONS[name](z)
            losses.append(self.loss_of(z, a, torch.tensor(sample["targets"])))
        total = torch.stack(losses).sum()
        total = total / len(losses) if self.data["batch"]["reduction"] == "mean" else total
        o = self.data["optimizer"]
        if o.get("weight_decay_form") != "loss":
            return total
        penalised = [*self.weights, *(self.learning() if o["decay_biases"] else self.weights)]
        squares = sum((p**2).sum() for p in {id(p): p for p in penalised}.values())
        return total + o["weight_decay"] / 2 * squares

    def loss_of(self, z: Tensor, a: Tensor, y: Tensor) -> Tensor:
        """The loss of one sample."""
        name, smoothing = self.data["loss"], self.data.get("label_smoothing", 0.0)
        if name == "perceptron":
            return ((a - y) * z).sum()
        if smoothing and name == "softmax_cross_entropy":
            return functional.cross_entropy(z, y, label_smoothing=smoothing)
        if smoothing:
            y = y * (1 - smoothing) + smoothing / 2
        found: Tensor = LOSSES[name](a, y)
        return found

    def freeze(self) -> None:
        """Let the weight that is frozen, w1, have no gradient."""
        if self.data.get("frozen"):
            self.weights[0].grad[0, 0] = 0.0  # type: ignore[index]

    def clip(self) -> None:
        """PyTorch's clipping; by the norm alone as the API says."""
        o = self.data["optimizer"]
        kind, limit = o.get("clipping"), o.get("clip_limit")
        if kind == "value":
            torch.nn.utils.clip_grad_value_(self.learning(), limit)
        elif kind == "torch_norm":
            torch.nn.utils.clip_grad_norm_(self.learning(), limit)
        elif kind == "norm":
            norm = torch.cat([p.grad.ravel() for p in self.learning()]).norm()  # type: ignore[union-attr]
            for p in self.learning():
                p.grad *= min(1.0, limit / norm.item())  # type: ignore[operator]

    def learning(self) -> list[Tensor]:
        return [*self.weights, *(b for b in self.biases if b.requires_grad)]

    def backward(self, batch: list[dict[str, Any]]) -> Tensor:
        for tensor in self.learning():
            tensor.grad = None
        loss = self.loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    def lists(self, *, gradients: bool = False) -> dict[str, Any]:
        """Weights and biases as the API writes them: a shared bias stands at each unit."""

        def numbers(tensor: Tensor) -> Tensor:
            return (tensor.grad if gradients else tensor.detach()) + 0.0  # type: ignore[operator]

        widths = self.data["layers"][1:]
        return {
            "weights": [numbers(w).tolist() for w in self.weights],
            "biases": [
                numbers(b).expand(units).tolist()
                for b, units in zip(self.biases, widths, strict=True)
            ],
        }


def stepper(network: Network) -> Any:
    """PyTorch's optimizer for the network, or the same arithmetic where it has none."""
    o = network.data["optimizer"]
    rate, form = o["learning_rate"], o.get("momentum_form")
    l2 = o.get("weight_decay", 0.0) if o.get("weight_decay_form") == "gradient" else 0.0
    groups = [
        {"params": network.weights, "weight_decay": l2},
        {
            "params": [b for b in network.biases if b.requires_grad],
            "weight_decay": l2 if o.get("decay_biases") else 0.0,
        },
    ]
    by_hand = form == "averaged" or (o["name"] == "nadam" and "momentum_decay" not in o)
    if by_hand or o.get("epsilon_form", "outside") != "outside":
        return ByHand(groups, o)
    eps = {"eps": o["epsilon"]} if "epsilon" in o else {}
    if o["name"].startswith("rmsprop"):
        more = {"momentum": o.get("momentum", 0.0), "centered": o.get("centred", False)}
        return torch.optim.RMSprop(groups, lr=rate, alpha=o["decay"], **eps, **more)
    if o["name"] == "adagrad":
        return torch.optim.Adagrad(groups, lr=rate, **eps)
    if o["name"] == "adamax":
        return torch.optim.Adamax(groups, lr=rate, betas=(o["beta1"], o["beta2"]), **eps)
    if o["name"] == "nadam":
        eps["momentum_decay"] = o["momentum_decay"]
        return torch.optim.NAdam(groups, lr=rate, betas=(o["beta1"], o["beta2"]), **eps)
    if o["name"] == "amsgrad":
        eps["amsgrad"] = True
    if o["name"] in ("adam", "amsgrad"):
        return torch.optim.Adam(groups, lr=rate, betas=(o["beta1"], o["beta2"]), **eps)
    momentum, nesterov = o.get("momentum", 0.0), o["name"] == "nesterov"
    damping = o.get("dampening", 0.0)
    return torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=nesterov, dampening=damping)


class ByHand:
    """The forms that PyTorch does not have."""

    def __init__(self, groups: list[dict[str, Any]], o: dict[str, Any]) -> None:
        self.groups, self.o, self.age = groups, o, 0
        self.memory: dict[int, list[Tensor]] = {}

    def step(self) -> None:
        self.age += 1
        with torch.no_grad():
            for group in self.groups:
                for p in group["params"]:
                    self.move(p, p.grad + group["weight_decay"] * p)

    def move(self, p: Tensor, g: Tensor) -> None:
        o, lr = self.o, self.o["learning_rate"]
        memory = self.memory.setdefault(id(p), [torch.zeros_like(p), torch.zeros_like(p)])
        if o["name"] == "momentum":
            memory[0] = o["momentum"] * memory[0] + (1 - o["momentum"]) * g
            p -= lr * memory[0]
        elif o["name"] == "rmsprop":
            memory[0] = o["decay"] * memory[0] + (1 - o["decay"]) * g**2
            p -= lr * g / torch.sqrt(memory[0] + o["epsilon"])
        else:
            memory[0] = o["beta1"] * memory[0] + (1 - o["beta1"]) * g
            memory[1] = o["beta2"] * memory[1] + (1 - o["beta2"]) * g**2
            mean = memory[0] / (1 - o["beta1"] ** self.age)
            square = memory[1] / (1 - o["beta2"] ** self.age)
            if o["name"] == "nadam":
                mean = o["beta1"] * mean + (1 - o["beta1"]) * g / (1 - o["beta1"] ** self.age)
            if o["epsilon_form"] == "inside":
                p -= lr * mean / torch.sqrt(square + o["epsilon"])
            elif o["name"] == "nadam":
                p -= lr * mean / (torch.sqrt(square) + o["epsilon"])
            else:  # Keras: epsilon joins the root before its correction
                late = (1 - o["beta2"] ** self.age) ** 0.5
                p -= lr * mean / ((torch.sqrt(memory[1]) + o["epsilon"]) / late)


def shrink(network: Network) -> None:
    """Decoupled weight decay, before the optimizer's own step."""
    o = network.data["optimizer"]
    if o.get("weight_decay_form") != "decoupled":
        return
    biases = [b for b in network.biases if b.requires_grad and o["decay_biases"]]
    with torch.no_grad():
        for p in [*network.weights, *biases]:
            p -= o["learning_rate"] * o["weight_decay"] * p


def scheduler(optimizer: Any, o: dict[str, Any]) -> Any:
    """PyTorch's schedule of the learning rate, or None."""
    plans, kind = torch.optim.lr_scheduler, o.get("schedule")
    if kind == "step":
        return plans.StepLR(optimizer, o["schedule_steps"], o["schedule_factor"])
    if kind == "exponential":
        return plans.ExponentialLR(optimizer, o["schedule_factor"])
    if kind == "cosine":
        return plans.CosineAnnealingLR(optimizer, o["schedule_steps"], o["schedule_floor"])
    return None


def compute(data: dict[str, Any]) -> dict[str, Any]:
    """Loss and gradients before the first step, and what 50 steps lead to."""
    # Every bias has a gradient, learning or not.
    probe = Network({**data, "bias_update": data["bias_update"].replace("none", "per_neuron")})
    result: dict[str, Any] = {"loss": probe.backward(batch_at(data, 0)).item()}
    result["gradients"] = probe.lists(gradients=True)
    network = Network(data)
    optimizer = stepper(network)
    schedule = scheduler(optimizer, data["optimizer"])
    for step in range(STEPS):
        network.backward(batch_at(data, step))
        network.freeze()
        network.clip()
        shrink(network)
        first = network.weights[0].detach()[0, 0].item()
        optimizer.step()
        if data.get("frozen"):
            with torch.no_grad():
                network.weights[0][0, 0] = first
        if schedule:
            schedule.step()
    result["after"] = network.lists()
    result["loss_after"] = network.loss(batch_at(data, STEPS)).item()
    return result


def main() -> None:
    """Write every network and what PyTorch makes of it."""
    networks = [{"spec": data, **compute(data)} for data in map(spec_data, range(COUNT))]
    lines = ",\n".join(json.dumps(network, separators=(",", ":")) for network in networks)
    versions = f'"torch":"{torch.__version__}","steps":{STEPS}'
    PATH.write_text(f'{{{versions},"networks":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
