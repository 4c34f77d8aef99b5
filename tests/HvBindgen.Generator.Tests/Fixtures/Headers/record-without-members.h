union holes { __int128 : 43; };
union around { unsigned char flag : 1; unsigned int number; unsigned char first[16]; union holes holes; unsigned char second[16]; };
