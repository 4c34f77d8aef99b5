/* SPDX-License-Identifier: MIT */
/* What the kernel's headers take from a C library's <sys/types.h>. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

typedef __kernel_ssize_t ssize_t;
typedef __kernel_old_time_t time_t;
typedef __kernel_pid_t pid_t;
typedef __kernel_uid32_t uid_t;
typedef __kernel_gid32_t gid_t;
typedef __kernel_off_t off_t;
typedef __kernel_mode_t mode_t;
typedef char *caddr_t;
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
