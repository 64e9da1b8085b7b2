# `make run` and `make test` are all that a fresh machine needs; both begin with `make setup`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test tests test-thorough lint types lock bench bench-audio bench-morph bench-analysis bench-senses bench-small-box bench-sources bench-real-tracks bench-film bench-taste bench-page bench-integrations bench-beats bench-kiosk soak-morph test-debian13 test-arm64 test-lock soak-faults bench-turns train evaluate clean

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: ## system packages, .venv and the package, from the hashed lock; does nothing where all is there
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages.txt

setup-test: setup
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-test.txt

run: setup ## start the device on this computer and print the page's address (ARGS="--clip film.mp4" for more)
	@$(BIN)/soundit run $(ARGS)

test: setup-test lint types tests ## lint, type-check and run every test

# Many tests wait for sound to be played: three at a time fill the two cores that they are written for. A file stays whole,
# for its tests share what was costly to make, and files keep their order: sorted by their number of tests, the long ones
# with few tests would come last, on one core. One thread for linear algebra each: more get into each other's way. Byte
# code is kept: where an environment forbids that, each of a thousand processes compiles the whole package.
WORKERS ?= 3
tests: setup-test ## run every test, WORKERS (3) at a time
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= \
		$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

test-thorough: setup-test ## run what `make test` leaves out: the other screens, colours and faults of what it tries in one
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= \
		$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile -m thorough

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types:
	@$(BIN)/mypy

lock: ## write requirements.lock anew from pyproject.toml (needs uv), then as test-lock
	uv pip compile pyproject.toml --extra dev --excludes excluded.txt --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --only-binary :all: -o requirements.lock
	@$(MAKE) test-lock

bench: setup ## measure start, memory, CPU and latency of the whole device; writes benches/device.json
	@$(BIN)/python benches/device.py

bench-audio: setup ## measure the music's process: memory, start, restart, loading, stop; writes benches/audio_process.md and .json
	@$(BIN)/python benches/audio_process.py

bench-page: setup-test ## measure the page: size, first paint, an idle window, fifty viewers; writes benches/page.md and .json
	@$(BIN)/python benches/page.py

bench-integrations: setup-test ## measure what integrations cost, each while nothing happens and all together; writes benches/integrations.md and .json
	@$(BIN)/python benches/integrations.py

bench-beats: setup-test ## measure how near OSC's beats arrive to those that are heard; writes benches/beats.md and .json
	@$(BIN)/python benches/beats.py

bench-kiosk: setup-test ## measure the kiosk's scenes, drawn by software alone; writes benches/kiosk.md and .json
	@$(BIN)/python benches/kiosk.py

soak-morph: setup ## random targets while every sense runs, for MINUTES (10); writes benches/soak_morph.md and .json
	@$(BIN)/python benches/soak_morph.py --minutes $(or $(MINUTES),10)

soak-faults: setup ## half an hour (MINUTES) of faults in senses, camera, processor and music; writes the figures beside the bench
	@$(BIN)/python benches/soak_faults.py --minutes $(or $(MINUTES),30)

bench-morph: setup ## measure the music engine and its rivals against every gate; writes benches/morph.md and .json
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-bench.txt
	@OMP_NUM_THREADS=1 $(BIN)/python benches/morph.py

LIBROSA := .cache/librosa
bench-analysis: setup ## measure beats, bars and keys, beside librosa; writes benches/analysis.md and .json
	@test -x $(LIBROSA)/bin/python || $(PYTHON) -m venv $(LIBROSA)
	@$(LIBROSA)/bin/pip install -q librosa==0.11.0
	@OMP_NUM_THREADS=1 $(BIN)/python benches/analysis.py --librosa $(LIBROSA)/bin/python

bench-sources: setup ## measure composing, the library and films; writes benches/music_sources.md and .json (FILM=... for another film)
	@test -x $(LIBROSA)/bin/python || $(PYTHON) -m venv $(LIBROSA)
	@$(LIBROSA)/bin/pip install -q librosa==0.11.0
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/music_sources.py --librosa $(LIBROSA)/bin/python \
		--film $(or $(FILM),../shared/data/clips/dinner.mp4)

bench-real-tracks: setup ## scan 41 orchestral tracks, and listen for clicks while each is morphed; writes benches/real_tracks.md and .json
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-bench.txt
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/real_tracks.py

bench-film: setup ## score the dinner, and two hours of film (an hour): sync, memory, speed
	@$(BIN)/python benches/film_cost.py --film ../shared/data/clips/dinner.mp4 --hours 2

bench-taste: setup ## simulated listeners: does the taste that is learnt beat the plain ranking; writes benches/taste.md and .json
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/taste.py

bench-turns: setup ## count turns of the mood that no room made, and how restless the music is, before and after; writes benches/turns.md and .json
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/turns.py

bench-senses: setup ## measure models, senses and peers (BEFORE=... for an older checkout, too); writes benches/senses.md and .json
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/senses.py --json $(if $(BEFORE),--before $(BEFORE))

bench-small-box: setup ## the whole device on one core, a half and a quarter of it (needs root); writes benches/small_box.md and .json
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/small_box.py

test-debian13: ## install from the lock and run the tests in a Debian 13 root, Python 3.13 (needs root, mmdebstrap)
	@sh scripts/test_debian13.sh

test-arm64: setup ## run the bench and the unit tests as 64-bit Arm, emulated in a Debian 12 root (needs root, mmdebstrap, qemu-user-static)
	@sh scripts/test_arm64.sh

test-lock: setup ## fetch the lock's wheels for aarch64, to prove that all are there; writes wheels-aarch64.sha256
	@$(BIN)/python -m tools.lock.aarch64 record

train: ## train one model anew: make train SENSE=face (sets up .venv-train, takes an hour)
	@sh scripts/setup_train.sh
	@.venv-train/bin/python -m tools.train.$(SENSE) $(ARGS)

evaluate: setup ## score a shipped model: make evaluate SENSE=face DATA=../shared/data/face/fer2013.npz
	@$(BIN)/python -m tools.evaluate $(SENSE) $(DATA) $(ARGS)

clean: ## remove what `make setup` and the tests made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
