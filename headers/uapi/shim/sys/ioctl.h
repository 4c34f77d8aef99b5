/* SPDX-License-Identifier: MIT */
/* The macros that make request numbers. */
#pragma once
#include <linux/ioctl.h>
