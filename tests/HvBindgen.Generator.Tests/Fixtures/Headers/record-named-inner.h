struct reply {
	int status;
	struct { short x; char y; } point;
	union { int whole; char parts[4]; } value;
	struct { char tag; struct { int deep; } inner; } rows[3];
};
