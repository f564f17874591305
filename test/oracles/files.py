"""Makes files.json: arrays and pictures as NumPy and Pillow write them (base64), with the values that they read back.

pip install numpy==2.4.6 pillow==13.0.0; python files.py > files.json
"""

import base64
import io
import json

import numpy as np
from PIL import Image

random = np.random.RandomState(5)


def text(data):
    return base64.b64encode(data).decode()


def saved(save):
    stream = io.BytesIO()
    save(stream)
    return text(stream.getvalue())


def plain(array):
    """Values in row-major order; JSON has no NaN and no Inf, so that they are texts."""
    values = [value.decode() if isinstance(value, bytes) else value for value in array.reshape(-1).tolist()]
    return [value if isinstance(value, str) or np.isfinite(value) else str(value) for value in values]


def array_case(name, array):
    return {
        "name": name,
        "file": saved(lambda stream: np.save(stream, array, allow_pickle=False)),
        "shape": list(array.shape),
        "values": plain(array.astype(float) if array.dtype.kind in "iufb" else array),
    }


ramp = np.arange(24).reshape(2, 3, 4)
half = np.array([0, -0.5, 1, 65504, 6e-8, np.inf, -np.inf, np.nan], dtype=np.float16)
arrays = [
    *(array_case(kind, (ramp - (12 if kind[0] != "u" else 0)).astype(kind)) for kind in
      ["u1", "i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", "<f2", "<f4", "<f8", ">u2", ">i2", ">i4", ">i8", ">f4", ">f8"]),
    array_case("bool", ramp % 3 == 0),
    array_case("half precision", half),
    array_case("large whole numbers", np.array([2**53, -(2**53), 2**40 + 1, -1], dtype=np.int64)),
    array_case("large unsigned numbers", np.array([2**53, 2**32 + 5], dtype=np.uint64)),
    array_case("Fortran order", np.asfortranarray(ramp.astype("<i4"))),
    array_case("Fortran order, big-endian", np.asfortranarray(ramp.astype(">f8"))),
    array_case("Fortran order, two dimensions", np.asfortranarray(random.randint(0, 9, (3, 5)).astype("u1"))),
    array_case("texts", np.array(["setosa", "猫", "", "virginica"])),
    array_case("bytes as texts", np.array([b"no", b"yes", b"maybe"])),
]

train = random.randint(0, 255, (6, 2, 2)).astype("u1")
labels = np.array([0, 1, 2, 0, 1, 2])
parts = {"x_train": train, "y_train": labels, "x_test": train[:2] // 2, "y_test": labels[:2]}
archives = [
    {"name": "savez", "file": saved(lambda stream: np.savez(stream, **parts))},
    {"name": "savez_compressed", "file": saved(lambda stream: np.savez_compressed(stream, **parts))},
]
for archive in archives:
    archive["train"] = plain(train)
    archive["test"] = plain(parts["x_test"])
    archive["labels"] = labels.tolist()

colour = Image.fromarray(random.randint(0, 255, (5, 7, 3)).astype("u1"), "RGB")
gray = colour.convert("L")


def picture_case(name, image, format, **options):
    data = saved(lambda stream: image.save(stream, format=format, **options))
    read = np.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))
    return {"name": name, "file": data, "shape": list(read.shape), "values": plain(read)}


pictures = [
    picture_case("PNG in colour", colour, "PNG"),
    picture_case("PNG in gray", gray, "PNG"),
    picture_case("PNG with a palette", colour.quantize(9), "PNG"),
    picture_case("PNG of one bit", gray.convert("1"), "PNG"),
    picture_case("BMP in colour", colour, "BMP"),
    picture_case("BMP in gray", gray, "BMP"),
    picture_case("BMP with a palette", colour.quantize(9), "BMP"),
    picture_case("BMP of one bit", gray.convert("1"), "BMP"),
    picture_case("WebP without loss", colour, "WEBP", lossless=True),
]
brightness = {"file": saved(lambda stream: colour.save(stream, format="PNG")), "values": plain(np.array(gray))}
print(json.dumps({"arrays": arrays, "archives": archives, "pictures": pictures, "brightness": brightness}, ensure_ascii=False))
