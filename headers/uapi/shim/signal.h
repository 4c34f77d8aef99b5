/* SPDX-License-Identifier: MIT */
/* Signals, which the kernel declares too. */
#pragma once
#include <sys/types.h>
#include <asm/signal.h>
#include <asm/sigcontext.h>
