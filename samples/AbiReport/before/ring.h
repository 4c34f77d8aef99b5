/* The interface of an imaginary driver that passes messages, as its first release had it. */
#ifndef RING_H
#define RING_H

#include "uapi.h"

enum ring_kind {
	RING_KIND_DATA,
	RING_KIND_CREDIT,
	RING_KIND_COUNT
};

struct ring_setup {
	__u64 address;
	__u32 entries;
	__u32 rsvd;
};

struct ring_stats {
	__u64 sent;
	__u64 dropped;
};

struct ring_peer {
	__u32 id;
	__u32 pad;
	__u64 cookie;
};

struct ring_event {
	__u8 kind;
	__u32 sequence;
} __attribute__((packed));

struct ring_batch {
	struct ring_event events[4];
};

#define RING_SETUP _IOW('R', 1, struct ring_setup)
#define RING_STATS _IOR('R', 2, struct ring_stats)
#define RING_PEER _IOW('R', 3, struct ring_peer)
#define RING_BATCH _IOR('R', 4, struct ring_batch)

#endif
