"""What a Spec is for the compiled loops: integers and float64 at places with names."""

# Activations, losses, optimizers and forms: each name of a Spec in capitals.
IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTPLUS, GELU, SOFTMAX = range(8)
HALF_SQUARED_ERROR, SQUARED_ERROR, MEAN_SQUARED_ERROR, MEAN_ABSOLUTE_ERROR = range(4)
BINARY_CROSS_ENTROPY, MEAN_BINARY_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY = range(4, 7)
SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM = range(5)
CLASSICAL, ACCUMULATED, AVERAGED = range(3)

# Places in ``rules``. What is neither a code nor a count is 0 or 1.
LOSS, MATCHED, MEAN, BATCH, BIASES_LEARN, BIASES_SHARED, HIDDEN_UPDATED = range(7)
OPTIMIZER, SLOTS, MOMENTUM_FORM, EPSILON_INSIDE, DECOUPLED, DECAY_BIASES = range(7, 13)
CORRECTED, RATE_CORRECTED = range(13, 15)
RULES = 15

# Places in ``numbers``.
RATE, INERTIA, DECAY, BETA1, BETA2, EPSILON, WEIGHT_DECAY, AT_ZERO, LEAKY = range(9)
