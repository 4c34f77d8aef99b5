/* Its name and that of layout-twin.h become the same identifier. */
struct second_twin {
	char a[3];
};
