enum Mode { MODE_A, MODE_B };
struct mode { enum Mode current; };
struct MODE { struct mode mode; };
