# `make run` and `make test` are all that a fresh machine needs; both begin with `make setup`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test tests test-thorough lint types lock bench bench-audio bench-morph bench-analysis bench-analysis-midi bench-senses bench-small-box bench-sources bench-real-tracks bench-film bench-taste bench-page bench-integrations bench-beats bench-kiosk bench-updates bench-ears bench-compose-hour soak-updates soak-morph test-debian13 test-arm64 test-lock soak bench-turns train evaluate deb sbom man test-deb image image-smoke clean

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

bench-updates: setup-test ## measure what an update of the models costs, beside curl and wget; writes benches/updates.md and .json
	@$(BIN)/python benches/updates.py

soak-updates: setup-test ## fifty updates (UPDATES) under random faults while music plays; writes benches/soak_updates.md and .json
	@$(BIN)/python benches/soak_updates.py --updates $(or $(UPDATES),50)

soak-morph: setup ## random targets while every sense runs, for MINUTES (10); writes benches/soak_morph.md and .json
	@$(BIN)/python benches/soak_morph.py --minutes $(or $(MINUTES),10)

soak: setup-test ## half an hour (MINUTES) of faults of every kind, and a day of a house in minutes; writes the figures beside the bench
	@$(BIN)/python benches/soak.py --minutes $(or $(MINUTES),30)

bench-morph: setup ## measure the music engine and its rivals against every gate; writes benches/morph.md and .json
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-bench.txt
	@OMP_NUM_THREADS=1 $(BIN)/python benches/morph.py

LIBROSA := .cache/librosa
bench-analysis: setup ## measure beats, bars and keys, beside librosa; writes benches/analysis.md and .json
	@test -x $(LIBROSA)/bin/python || $(PYTHON) -m venv $(LIBROSA)
	@$(LIBROSA)/bin/pip install -q librosa==0.11.0
	@OMP_NUM_THREADS=1 $(BIN)/python benches/analysis.py --librosa $(LIBROSA)/bin/python

bench-analysis-midi: setup ## measure beats, bars, metres and keys of pieces and performances that a SoundFont plays (FONT=...); writes benches/analysis_midi.md and .json
	@OMP_NUM_THREADS=1 $(BIN)/python benches/analysis_midi.py --font $(FONT)

bench-sources: setup ## measure composing, the library and films; writes benches/music_sources.md and .json (FILM=... for another film)
	@test -x $(LIBROSA)/bin/python || $(PYTHON) -m venv $(LIBROSA)
	@$(LIBROSA)/bin/pip install -q librosa==0.11.0
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/music_sources.py --librosa $(LIBROSA)/bin/python \
		--film $(or $(FILM),../shared/data/clips/dinner.mp4)

bench-real-tracks: setup ## scan 41 orchestral tracks, and listen for clicks while each is morphed; writes benches/real_tracks.md and .json
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-bench.txt
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/real_tracks.py

bench-ears: setup ## ask outside models what they hear in 64 composed pieces, and measure mix and notes; writes the figures beside the bench (an hour)
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-bench.txt
	@PYTHON=$(PYTHON) sh scripts/setup_ears.sh vibenet musicnn essentia
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/ears.py --write

bench-compose-hour: setup ## compose an hour through the dinner's and the demo's moods: silence, clicks, what is new; writes the figures beside the bench (ten minutes)
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-bench.txt
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benches/compose_hour.py

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

bench-writes: setup ## what the device writes to its disk in a day while nobody is there, measured for MINUTES (10)
	@$(BIN)/python benches/writes.py --minutes $(or $(MINUTES),10) --folder .cache

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

deb: setup ## build the Debian package into dist (DEBIAN=13 or ARCH=arm64 for another release or machine than this one)
	@$(BIN)/python -m tools.deb $(if $(DEBIAN),--debian $(DEBIAN)) $(if $(ARCH),--architecture $(ARCH))

sbom: deb ## the bill of materials of the Debian package, CycloneDX: beside it in dist, and inside it
	@ls dist/*.cdx.json

man: setup ## write the manual page soundit.1 and the completion of bash, zsh and fish into build
	@$(BIN)/python -m tools.manual

test-deb: setup ## build it twice, install it in clean Debian 12 and 13 roots, play there, upgrade, downgrade, purge (needs root; DEBIAN=12 for that alone)
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-deb.txt
	@BIN=$(BIN) sh scripts/test_deb.sh $(DEBIAN)

test-install: setup ## run scripts/install.sh with the real pip in a clean root without apt, play there, upgrade, purge (needs root)
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-deb.txt
	@sh scripts/test_install.sh

IMAGE := .cache/image
image: setup ## build the appliance for an emulated 64-bit Arm machine, to try it without hardware (needs root; DEBIAN=13)
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-image.txt
	@$(MAKE) --no-print-directory deb ARCH=arm64 DEBIAN=$(or $(DEBIAN),12)
	@DEBIAN=$(or $(DEBIAN),12) DEB=$$(ls -t dist/soundit-edge_*+deb$(or $(DEBIAN),12)_arm64.deb | head -n 1) \
		sh firmware/image/build.sh

image-smoke: setup ## boot that image, hear it play, cut its power CUTS (10) times, check what is left (needs root, half an hour)
	@PYTHON=$(PYTHON) VENV=$(VENV) sh scripts/setup.sh packages-image.txt
	@$(BIN)/python -m firmware.smoke $(IMAGE)/debian-$(or $(DEBIAN),12) --cuts $(or $(CUTS),10)

clean: ## remove what `make setup` and the tests made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
