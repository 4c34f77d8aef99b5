enum code { CODE_A = 1, CODE_B = 2 };
enum code__more { CODE_C = 16 };
enum lonely__more { LONELY_A };
struct user { enum code code; };
