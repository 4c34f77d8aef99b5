/* Its name and that of layout_twin.h become the same identifier. */
struct first_twin {
	int a;
	short b;
};
