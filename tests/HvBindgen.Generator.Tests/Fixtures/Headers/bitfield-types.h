#include <linux/types.h>

enum mode { MODE_OFF, MODE_ON, MODE_AUTO };
enum sign { SIGN_MINUS = -1, SIGN_ZERO, SIGN_PLUS };
typedef __u32 counter_t;

struct typed {
	enum mode mode:2;
	enum sign sign:3;
	_Bool on:1;
	counter_t count:10;
	unsigned long size:16;
	char letter:7;
};
