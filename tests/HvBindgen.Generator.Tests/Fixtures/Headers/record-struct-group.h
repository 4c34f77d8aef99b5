#include <linux/types.h>

#define GROUP(TAG, NAME, MEMBERS...) union { struct { MEMBERS }; struct TAG { MEMBERS } NAME; }
#define GROUP_UNTAGGED(NAME, MEMBERS...) union { struct { MEMBERS }; struct { MEMBERS } NAME; }

struct packet {
	__u16 type;
	GROUP(packet_head, head, __u16 id; __u32 length;);
	GROUP_UNTAGGED(tail, __u8 ttl; __u8 hops;);
};
