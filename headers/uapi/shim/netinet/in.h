/* SPDX-License-Identifier: MIT */
/* Addresses of IPv4 and IPv6, which the kernel declares too. */
#pragma once
#include <sys/socket.h>
#include <linux/in.h>
#include <linux/in6.h>
