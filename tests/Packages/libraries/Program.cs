using System;
using Gpio;
using HvBindgen.Abi;
using Keys;

// Bindings of two libraries in one file, without a word in front of any name.
Fd nothing = new(-1);
Array32<byte> label = default(gpiochip_info).label;
Array32<byte> code = default(input_keymap_entry).scancode;
// HvBindgen.Abi has no arrays of ten: each library has its own.
GpioArray10<gpio_v2_line_config_attribute> attributes = default(gpio_v2_line_config).attrs;
KeysArray10<uint> spare = default(keyctl_pkey_query).__spare;
IoctlResult lines = GpioFdIoctls.GPIO_GET_CHIPINFO_IOCTL(nothing, out gpiochip_info _);
IoctlResult version = KeysFdIoctls.EVIOCGVERSION(nothing, out int _);
int mismatches = GpioAbiLayout.FindMismatches(out int gpio).Count + KeysAbiLayout.FindMismatches(out int keys).Count;
Console.WriteLine(
    $"errno {lines.Errno} and {version.Errno}, {mismatches} of {(gpio > 50 && keys > 50 ? "many" : "few")} facts differ, "
        + $"{GpioConstants.GPIO_MAX_NAME_SIZE} {KeysConstants.BUS_USB} {label[0] + code[31] + spare[9] + (long)attributes[9].mask}");
