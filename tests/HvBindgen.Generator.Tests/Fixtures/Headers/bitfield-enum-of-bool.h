enum fx : _Bool { H0, H1 };
struct eg { enum fx g:1; _Bool plain:1; enum fx whole; };
