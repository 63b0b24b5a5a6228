# One place for every command. Each target installs what it needs by itself.
SHELL := /bin/bash
PY := .venv/bin/python
PORT ?= 8000
HOST ?= 127.0.0.1
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONPATH := $(CURDIR)/src

.PHONY: run test check bench docs lock migrations fmt clean help

help:  ## 列出全部命令
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

.venv/.core: requirements.lock tools/bootstrap.sh
	@bash tools/bootstrap.sh core
.venv/.dev: requirements.lock requirements-dev.lock tools/bootstrap.sh
	@bash tools/bootstrap.sh dev

run: .venv/.core  ## 启动平台（首次自动安装、迁移、装入演示数据）
	@bash tools/fonts.sh || true
	@$(PY) -m gongkai.config serve --host $(HOST) --port $(PORT)

test: .venv/.dev  ## 运行全部测试
	@bash tools/system_packages.sh
	@bash tools/fonts.sh || true
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=15

check: .venv/.dev  ## 代码规范、类型、分层约定、迁移、生成文档是否最新
	ruff check src tests benchmarks tools
	ruff format --check src tests benchmarks tools
	mypy
	lint-imports
	$(PY) -m gongkai.config manage makemigrations --check --dry-run
	$(PY) tools/generate_docs.py --check

fmt: .venv/.dev  ## 自动整理代码格式
	ruff check --fix src tests benchmarks tools
	ruff format src tests benchmarks tools

bench: .venv/.dev  ## 性能测量：本项目与对照并列
	@$(PY) -m benchmarks

docs: .venv/.dev  ## 重新生成由代码生成的文档
	$(PY) tools/generate_docs.py

lock:  ## 重新锁定依赖版本
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-header --extra platform pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-header --extra platform --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

migrations: .venv/.dev
	$(PY) -m gongkai.config manage makemigrations

clean:  ## 删除运行数据与虚拟环境
	rm -rf .venv var
