/* SPDX-License-Identifier: MIT */
/* Frames of Ethernet, which the kernel declares too. */
#pragma once
#include <linux/if_ether.h>
