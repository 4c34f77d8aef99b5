/* SPDX-License-Identifier: MIT */
/* The address that all protocols share, which the kernel's headers have no declaration of. */
#pragma once
#include <sys/types.h>
#include <linux/socket.h>

typedef __kernel_sa_family_t sa_family_t;
typedef unsigned int socklen_t;

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

#define sockaddr_storage __kernel_sockaddr_storage

/* A flag of messages that linux/sctp.h names and no uapi header defines. */
#define MSG_FIN 0x200
