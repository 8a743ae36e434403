# "make help" lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help demo test e2e bench oracle images

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: ## start a cluster on this machine, install the operator, show each protection at work
	@e2e/demo

test: ## everything: unit, golden, real API server, real HAProxy and, as root, a real node
	@e2e/test

e2e: ## only the stories on a real node (root)
	@e2e/stories

bench: ## measure, and write the figures to e2e/bench
	@e2e/bench/run

oracle: ## a million random requests to real HAProxy and the model of its decisions (DECISIONS, SEED, HAPROXY)
	@e2e/oracle

images: ## build the images that the cluster on this machine serves, and the operator's own
	@e2e/cluster/cluster images build && e2e/image/build
