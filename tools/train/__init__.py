"""How the models are trained (in .venv-train, which `sh scripts/setup_train.sh` makes)."""
