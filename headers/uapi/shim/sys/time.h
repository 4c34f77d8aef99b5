/* SPDX-License-Identifier: MIT */
/* struct timeval, which the kernel declares too. */
#pragma once
#include <time.h>
