struct outer {
	char kind;
	struct inner { int a; char b; } first;
	struct inner second;
	enum mode { MODE_OFF, MODE_ON = 4 } mode;
};
