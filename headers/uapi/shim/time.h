/* SPDX-License-Identifier: MIT */
/* struct timespec, which the kernel declares too. */
#pragma once
#include <sys/types.h>
#include <linux/time.h>
