// The bindings keep what is common to all targets apart from what is x86-64's.
global using Hv = HvBindgen.Mshv.Abi.Constants;
