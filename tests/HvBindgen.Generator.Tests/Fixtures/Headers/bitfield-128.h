struct wide128 { unsigned __int128 low : 65; unsigned __int128 high : 63; };
struct packed128 { unsigned char before; unsigned __int128 value : 100; __int128 sign : 20; } __attribute__((packed));
struct signed128 { __int128 small : 40; __int128 rest : 88; __int128 whole : 128; };
