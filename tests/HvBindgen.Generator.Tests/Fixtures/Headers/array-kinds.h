#include <linux/types.h>

typedef __u8 guid_t[16];
struct cell { __u8 kind; __u32 data; };
struct arrays {
	char text[5];
	__u32 grid[2][3];
	struct cell cells[2][2];
	struct cell *rows[3];
	guid_t id;
	guid_t peers[2];
	__u64 one[1];
	_Bool flags[4];
	long double wide[2];
};
