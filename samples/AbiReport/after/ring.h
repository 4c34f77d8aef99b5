/* The same interface one release later; each change is of another kind. */
#ifndef RING_H
#define RING_H

#include "uapi.h"

enum ring_kind {
	RING_KIND_DATA,
	RING_KIND_CREDIT,
	RING_KIND_CLOSE,
	RING_KIND_COUNT
};

/* The reserved word has become flags. */
struct ring_setup {
	__u64 address;
	__u32 entries;
	__u32 flags;
};

/* Grown at the end, and so is the number of RING_STATS. */
struct ring_stats {
	__u64 sent;
	__u64 dropped;
	__u64 bytes;
};

/* Without the padding, cookie stays where it was on 64-bit machines only. */
struct ring_peer {
	__u32 id;
	__u64 cookie;
};

/* No longer packed: sequence moves, and with it all that ring_batch holds. */
struct ring_event {
	__u8 kind;
	__u32 sequence;
};

struct ring_batch {
	struct ring_event events[4];
};

#define RING_SETUP _IOW('R', 1, struct ring_setup)
#define RING_STATS _IOR('R', 2, struct ring_stats)
#define RING_PEER _IOW('R', 3, struct ring_peer)
#define RING_BATCH _IOR('R', 4, struct ring_batch)
#define RING_WAIT _IOWR('R', 5, __u32)

#endif
